import { expect, test } from 'vitest'
import { countDownloads } from './maven.ts'

test("Maven's lines become files and megabytes so far", () => {
  const count = countDownloads()
  expect(count('[INFO] Scanning for projects...')).toBeUndefined()
  expect(count('[INFO] Downloaded from central: https://example.org/a.pom (512 B at 9.1 kB/s)')).toBe('1 files, 0.0 MB')
  expect(count('[INFO] Downloaded from central: https://example.org/a.jar (6.7 MB at 35 MB/s)')).toBe('2 files, 6.7 MB')
  expect(count('[INFO] Downloaded from central: https://example.org/b.jar (550 kB at 2 MB/s)')).toBe('3 files, 7.3 MB')
})
