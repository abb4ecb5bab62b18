<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

defined('ABSPATH') || exit();

/** Puts `window.varaiSync` on the shop's pages. */
final class Storefront
{
    public function hook(): void
    {
        add_action('wp_enqueue_scripts', static function (): void {
            $url = plugins_url('assets/storefront.js', PLUGIN_FILE);
            wp_enqueue_script('varai-sync', $url, [], VERSION, ['strategy' => 'defer']);
            $known = [
                'root' => esc_url_raw(rest_url('varai/v1/')),
                // Without it WordPress takes a signed-in shopper for a guest. Pages of guests may be cached: they get none.
                'nonce' => is_user_logged_in() ? wp_create_nonce('wp_rest') : null,
            ];
            $json = wp_json_encode($known, JSON_HEX_TAG | JSON_UNESCAPED_SLASHES);
            wp_add_inline_script('varai-sync', "window.varaiSyncSettings = $json", 'before');
        });
    }
}
