export { type Claim, createLeaseStore, type Lease, type LeaseStore } from './lease-store.ts'
