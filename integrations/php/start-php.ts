import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadPHPRuntime, PHP } from '@php-wasm/universal'

/** The oldest PHP that what we ship has to run on, and the newest. */
export type PhpVersion = '8.1' | '8.4'

const loaders = {
  '8.1': () => import('@php-wasm/node-8-1'),
  '8.4': () => import('@php-wasm/node-8-4'),
} as const satisfies Record<PhpVersion, unknown>

/** A PHP of its own, in this process; nothing needs to be installed. It sees no file but those it is given. */
export async function startPhp(version: PhpVersion): Promise<PHP> {
  const { getPHPLoaderModule } = await loaders[version]()
  return new PHP(await loadPHPRuntime(await getPHPLoaderModule()))
}

/** Gives `php` the files below `folder`, as `/<name>/…`. */
export function mount(php: PHP, folder: string, name: string): void {
  for (const file of filesBelow(folder)) {
    const path = `/${name}/${file}`
    php.mkdir(dirname(path))
    php.writeFile(path, readFileSync(join(folder, file)))
  }
}

/** Paths of all files below `folder`, seen from there. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'))
    .sort()

export type Evaluate = (expression: string, given?: unknown) => Promise<unknown>

/**
 * Makes a function that gives the value of a PHP expression, by way of JSON. `$given` holds the argument, `prelude` runs
 * before and may begin with a namespace. Throws with what PHP says when it fails or warns, deprecations included.
 */
export function evaluator(php: PHP, prelude: string): Evaluate {
  return async (expression, given = null) => {
    const code = `<?php ${prelude}
      error_reporting(E_ALL);
      set_error_handler(function ($level, $message, $file, $line) {
        throw new \\ErrorException($message, 0, $level, $file, $line);
      });
      $given = json_decode(base64_decode('${Buffer.from(JSON.stringify(given)).toString('base64')}'), true);
      echo "\\n--value--", json_encode(${expression}, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);`
    const answer = await php.run({ code }).catch((error: unknown) => error)
    const text = answer instanceof Error || !isAnswer(answer) ? String(answer) : answer.text
    const value = text.split('\n--value--')[1]
    if (value === undefined) throw new Error(`${expression}: ${text}`)
    return JSON.parse(value)
  }
}

const isAnswer = (answer: unknown): answer is { readonly text: string } =>
  typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string'
