<?php
/** Removes what the plugin made: its webhooks, table, options and scheduled work; meta data when the owner said so. */

declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\FrameFacts;

defined('WP_UNINSTALL_PLUGIN') || exit();

require_once __DIR__ . '/src/autoload.php';

$settings = new Settings();
if (class_exists('WooCommerce')) {
    Delivery::registerTopics();
    (new Webhooks($settings))->removeAll();
}
Delivery::unschedule();
Records::dropTable();
if ($settings->removesMetaData()) {
    foreach ([...FrameFacts::WORDS, ...FrameFacts::SIZES] as $name) {
        delete_post_meta_by_key(FrameFacts::key($name));
    }
    OrderMeta::removeAll();
}
delete_option(Webhooks::OPTION);
delete_option(Settings::OPTION);
