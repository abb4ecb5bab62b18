<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Automattic\WooCommerce\Utilities\FeaturesUtil;

defined('ABSPATH') || exit();

/** What happens when the plugin comes and goes. */
final class Lifecycle
{
    public static function activate(): void
    {
        Records::createTable();
        if (class_exists('WooCommerce')) {
            // The plugin comes in the middle of a request: what `Plugin::start` does has not been done.
            Delivery::registerTopics();
            (new Webhooks(new Settings()))->resume();
        }
    }

    /** Nothing more is sent, and nothing is forgotten. */
    public static function deactivate(): void
    {
        if (class_exists('WooCommerce')) {
            (new Webhooks(new Settings()))->pause();
        }
        Delivery::unschedule();
    }

    /** Orders are only touched through WooCommerce's own objects, and both checkouts are served. */
    public static function declareCompatibility(): void
    {
        if (class_exists(FeaturesUtil::class)) {
            FeaturesUtil::declare_compatibility('custom_order_tables', PLUGIN_FILE, true);
            FeaturesUtil::declare_compatibility('cart_checkout_blocks', PLUGIN_FILE, true);
        }
    }
}
