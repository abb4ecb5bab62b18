<?php
/**
 * Plugin Name: Varai Sync
 * Description: Connects a WooCommerce shop with Varai Sync: signed webhooks that stay connected, AI sessions and face analyses without raw data, the AI session behind an order, and facts about frames.
 * Version: 1.0.0
 * Requires at least: 6.5
 * Requires PHP: 8.1
 * Requires Plugins: woocommerce
 * WC requires at least: 9.0
 * WC tested up to: 9.9
 * Author: EyewearML
 * License: Apache-2.0
 * License URI: https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain: varai-sync
 * Domain Path: /languages
 */

declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

defined('ABSPATH') || exit();

const VERSION = '1.0.0';
const PLUGIN_FILE = __FILE__;

require_once __DIR__ . '/src/autoload.php';

register_activation_hook(__FILE__, [Lifecycle::class, 'activate']);
register_deactivation_hook(__FILE__, [Lifecycle::class, 'deactivate']);

add_action('before_woocommerce_init', [Lifecycle::class, 'declareCompatibility']);
add_action('plugins_loaded', [Plugin::class, 'start']);
