"""Reads the lanes as somebody else would: librdkafka, the registry's HTTP API and a generic Avro reader.

Knows nothing of Varai Sync but the addresses. Prints one JSON object: events by lane and name, and the distinct orders
with their totals, so that the caller can hold them against the truth.

usage: foreign_reader.py BROKERS REGISTRY_URL TOPIC...
"""

import io
import json
import struct
import sys
import urllib.request
from collections import Counter

import fastavro
from confluent_kafka import Consumer, TopicPartition

brokers, registry, *topics = sys.argv[1:]
schemas = {}


def schema_of(schema_id):
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}", timeout=10) as answer:
            schemas[schema_id] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
    return schemas[schema_id]


consumer = Consumer({"bootstrap.servers": brokers, "group.id": "foreign-reader", "enable.auto.commit": False})
partitions = []
remaining = 0
for topic in topics:
    for partition in consumer.list_topics(topic, timeout=10).topics[topic].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        remaining += high - low
        partitions.append(TopicPartition(topic, partition, low))
consumer.assign(partitions)

names = Counter()
orders = {}
while remaining > 0:
    message = consumer.poll(10)
    if message is None:
        sys.exit(f"{remaining} records did not arrive")
    if message.error():
        sys.exit(str(message.error()))
    remaining -= 1
    magic, schema_id = struct.unpack(">bI", message.value()[:5])
    event = fastavro.schemaless_reader(io.BytesIO(message.value()[5:]), schema_of(schema_id))
    assert magic == 0
    names[f"{message.topic()} {event['eventName']}"] += 1
    if event["eventName"] == "order_created":
        orders[event["entityId"]] = str(event["total"].normalize()) if event["total"] is not None else None
consumer.close()
print(json.dumps({"events": names, "orders": orders, "schemas": len(schemas)}))
