export { conformance } from './conformance.ts'
export { secrets } from './entities.ts'
export type { Delivery, DoorFacts, Entity, ServiceFacts, Signed, Signer, TopicFacts, ToSign } from './facts.ts'
