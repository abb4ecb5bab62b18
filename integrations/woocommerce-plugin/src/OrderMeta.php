<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

defined('ABSPATH') || exit();

/** What the plugin wrote into orders, wherever the shop keeps them. */
final class OrderMeta
{
    private const KEYS = ['_varai_ai_session_id', '_varai_recommendation_ids'];

    public static function removeAll(): void
    {
        global $wpdb;
        $table = $wpdb->prefix . 'wc_orders_meta';
        $hasOwnTable = $wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table))) === $table;
        foreach (self::KEYS as $key) {
            delete_post_meta_by_key($key);
            if ($hasOwnTable) {
                $wpdb->delete($table, ['meta_key' => $key], ['%s']);
            }
        }
    }
}
