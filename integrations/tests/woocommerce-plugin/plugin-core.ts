import { join } from 'node:path'
import { type Evaluate, evaluator, mount, type PhpVersion, startPhp } from '../../php/start-php.ts'

export const plugin = join(import.meta.dirname, '../../woocommerce-plugin')

/** What the plugin is made of without WordPress, in a PHP of `version`. */
export async function startPluginCore(version: PhpVersion): Promise<Evaluate> {
  const php = await startPhp(version)
  mount(php, join(plugin, 'src'), 'src')
  return evaluator(
    php,
    `namespace Varai\\Sync\\WooCommerce\\Core; \\define('ABSPATH', '/'); require '/src/autoload.php';`,
  )
}
