import { expect, test } from 'vitest'
import { ensureTools, javaMajor, missingTools } from './tools.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "25" 2025-09-16', 25],
  ['java version "1.8.0_392"', 8],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
])('%s is Java %s', (said, major) => {
  expect(javaMajor(said)).toBe(major)
})

test('each missing tool is named with how to get it', () => {
  const message = missingTools([
    { tool: 'java', problem: 'is version 11' },
    { tool: 'venv', problem: 'is not installed' },
  ])
  expect(message).toMatch(/Java 17 or newer \(java\) is version 11.*apt-get install default-jre-headless.*brew install/)
  expect(message).toMatch(/venv.*is not installed.*apt-get install python3-venv/)
})

test('what is missing is an error where nothing may be installed', async () => {
  const env = { PATH: '/nonexistent', VARAI_INSTALL_TOOLS: 'no' }
  const ensured = ensureTools(['maven', 'python'], env, () => undefined, new AbortController().signal)
  await expect(ensured).rejects.toThrow(/Maven \(mvn\) was not found on PATH[\s\S]*Python 3\.10/)
})
