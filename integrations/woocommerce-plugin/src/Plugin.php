<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

defined('ABSPATH') || exit();

/** Wires the parts into WordPress. */
final class Plugin
{
    public static function start(): void
    {
        if (!class_exists('WooCommerce')) {
            return;
        }
        $settings = new Settings();
        $records = new Records();
        $webhooks = new Webhooks($settings);
        $intake = new Intake($settings, $records);
        (new Delivery($settings, $webhooks, $records))->hook();
        (new CheckoutJourney())->hook();
        (new RestRoutes($intake))->hook();
        (new Storefront())->hook();
        if (is_admin()) {
            (new Admin\SettingsPage($settings, $webhooks, $records))->hook();
            (new Admin\ProductPanel())->hook();
        }
        /**
         * For assistants that run in PHP: `do_action('varai_sync_ai_session', $session)` and
         * `do_action('varai_sync_face_analysis', $analysis)`.
         */
        add_action('varai_sync_ai_session', static fn($given) => $intake->session(is_array($given) ? $given : []));
        add_action(
            'varai_sync_face_analysis',
            static fn($given) => $intake->faceAnalysis(is_array($given) ? $given : []),
        );
        add_action(
            'init',
            static fn() => load_plugin_textdomain(
                'varai-sync',
                false,
                dirname(plugin_basename(PLUGIN_FILE)) . '/languages',
            ),
        );
    }
}
