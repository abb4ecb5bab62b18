/**
 * What a one-node development broker needs beyond Kafka's defaults, wherever it runs: everything replicated once, small
 * internal topics and buffers so that it starts fast, no waiting for more members of a group, no topics by accident.
 */
export const brokerSettings = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'default.replication.factor': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '5',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '5',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '5',
  'group.initial.rebalance.delay.ms': '0',
  // The production limit, so that what is too large is too large here as well: 1 MiB and the batch's overhead.
  'message.max.bytes': '1048588',
  'log.segment.bytes': '67108864',
  'log.index.size.max.bytes': '2097152',
  'log.retention.hours': '168',
  'log.cleaner.dedupe.buffer.size': '16777216',
  'num.network.threads': '2',
  'num.io.threads': '4',
} as const satisfies Record<string, string>
