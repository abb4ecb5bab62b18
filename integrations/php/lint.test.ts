import { expect, test } from 'vitest'
import { lint, parseOnOldest } from './lint.ts'

const fine = {
  path: 'fine.php',
  text: '<?php final class Fine { public function __construct(private ?int $a = null) {} }',
}

test('php -l of the newest PHP passes what is right, and finds errors of every kind in one go', async () => {
  expect(await lint([fine, { path: 'sub/also.php', text: '<?php return 1;' }])).toEqual([])
  const twice = { path: 'sub/twice.php', text: '<?php class A { function f() {} function f() {} }' }
  expect((await lint([fine, twice])).join('\n')).toMatch(/Cannot redeclare A::f\(\).*sub\/twice\.php/)
  const implicit = { path: 'implicit.php', text: '<?php function f(int $a = null) {}' }
  expect((await lint([implicit])).join('\n')).toMatch(/Deprecated.*implicit\.php/)
  expect((await lint([{ path: 'bad.php', text: '<?php if (' }])).join('\n')).toMatch(/Parse error.*bad\.php/)
})

test('what is too new for the oldest PHP is found', async () => {
  const newer = { path: 'newer.php', text: '<?php readonly class A {}' }
  expect(await lint([newer])).toEqual([])
  expect(await parseOnOldest([fine, newer])).toEqual([expect.stringMatching(/^newer\.php: PHP 8\.1: .*readonly/)])
})
