import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Evaluate, evaluator, mount, type PhpVersion, startPhp } from '../../php/start-php.ts'

const core = join(import.meta.dirname, '../../magento-module/Core')

/** What the module is made of without Magento, in a PHP of `version`. */
export async function startMagentoCore(version: PhpVersion): Promise<Evaluate> {
  const php = await startPhp(version)
  mount(php, core, 'core')
  return evaluator(
    php,
    `namespace Varai\\Sync\\Core;
     spl_autoload_register(fn (string $class) => require '/core/' . substr($class, strlen('Varai\\\\Sync\\\\Core\\\\')) . '.php');`,
  )
}

type Vector = Readonly<Record<'about' | 'secret' | 'eventId' | 'topic' | 'body' | 'signature', string>> & {
  readonly timestamp: number
}

/** The vectors that every implementation of the signature has to agree with. */
export const vectors = (): readonly Vector[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../magento-module/Test/vectors/signature.json'), 'utf8'))
    .vectors
