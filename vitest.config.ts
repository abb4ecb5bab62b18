import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const notOurs = ['**/node_modules/**', '**/.varai/**']
/** Starts Kafka, the registry, MongoDB and Redis once for a run and hands out their addresses. */
const realStack = ['./packages/dev-stack/src/vitest-global-setup.ts']

/** Three kinds of test, told apart by the file's name; run one kind with `npm test -- --project unit`. */
export default defineConfig({
  test: {
    restoreMocks: true,
    // How long `expect.poll` waits for a condition. On a busy machine a process needs more than the default second.
    expect: { poll: { timeout: 15_000, interval: 20 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...notOurs, '**/*.int.test.ts', '**/*.e2e.test.ts'],
          testTimeout: 20_000,
          // The default leaves one core of two idle.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['**/*.int.test.ts'],
          exclude: notOurs,
          globalSetup: realStack,
          testTimeout: 60_000,
          // The first hook of a run may wait for a topic's coordinator, or for a database that is still warming up.
          hookTimeout: 120_000,
          // Files get topics and databases of their own, so two can share the stack; more would only fight for it.
          maxWorkers: Math.min(2, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude: notOurs,
          globalSetup: realStack,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each starts whole services; one at a time leaves them the machine.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
