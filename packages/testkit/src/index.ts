export { type TestClock, testClock } from './clock.ts'
export { fixturesFolder, readFixture, withFixtures } from './fixtures.ts'
export { type ServiceProcess, startServiceProcess } from './service-process.ts'
export { waitUntil } from './wait-until.ts'
