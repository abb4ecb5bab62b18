<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\ResendPlan;
use Varai\Sync\WooCommerce\Core\Topics;

defined('ABSPATH') || exit();

/** Makes our topics deliverable by WooCommerce's own webhooks, and sends again what was not acknowledged. */
final class Delivery
{
    private const RESEND = 'varai_sync_resend';
    private const GROUP = 'varai-sync';

    public function __construct(private Settings $settings, private Webhooks $webhooks, private Records $records) {}

    public function hook(): void
    {
        self::registerTopics();
        add_filter('woocommerce_webhook_payload', [$this, 'payload'], 10, 3);
        add_action('woocommerce_webhook_delivery', [$this, 'delivered'], 10, 5);
        add_filter('http_request_host_is_external', [$this, 'allowHost'], 10, 2);
        add_filter('http_allowed_safe_ports', [$this, 'allowPort'], 10, 2);
        add_action(self::RESEND, [$this, 'resend']);
        add_action('init', [$this, 'schedule'], 20);
    }

    /** WooCommerce takes webhooks of topics that it does not know for webhooks without any. */
    public static function registerTopics(): void
    {
        add_filter(
            'woocommerce_valid_webhook_resources',
            fn($names) => [
                ...(array) $names,
                ...array_map(fn(string $topic): string => strtok($topic, '.'), array_keys(Topics::OURS)),
            ],
        );
        add_filter('woocommerce_valid_webhook_events', fn($names) => [...(array) $names, 'completed']);
        add_filter(
            'woocommerce_webhook_topic_hooks',
            fn($hooks) => [...(array) $hooks, ...array_map(fn(string $action): array => [$action], Topics::OURS)],
        );
        add_filter(
            'woocommerce_webhook_topics',
            fn($labels) => [
                ...(array) $labels,
                Topics::SESSION => __('Varai: AI session completed', 'varai-sync'),
                Topics::FACE_ANALYSIS => __('Varai: face analysis completed', 'varai-sync'),
            ],
        );
    }

    /** The document of ours that a delivery is about; WooCommerce knows only its number. */
    public function payload($payload, $resource, $resourceId)
    {
        $topic = "$resource.completed";
        return isset(Topics::OURS[$topic]) ? $this->records->document((int) $resourceId, $topic) ?? [] : $payload;
    }

    public function delivered($request, $response, $duration, $argument, $webhookId): void
    {
        $topic = $this->webhooks->topicOf((int) $webhookId);
        $status = is_wp_error($response) ? 0 : (int) wp_remote_retrieve_response_code($response);
        if ($topic !== null && isset(Topics::OURS[$topic]) && ResendPlan::acknowledges($status)) {
            $this->records->acknowledged((int) $argument);
        }
    }

    public function schedule(): void
    {
        if (function_exists('as_has_scheduled_action') && !as_has_scheduled_action(self::RESEND, [], self::GROUP)) {
            as_schedule_recurring_action(time() + 300, 300, self::RESEND, [], self::GROUP);
        }
    }

    public static function unschedule(): void
    {
        if (function_exists('as_unschedule_all_actions')) {
            as_unschedule_all_actions(self::RESEND);
        }
    }

    /** While its webhook is disabled a record waits: trying would only count as another failure. */
    public function resend(): void
    {
        $lost = $this->records->removeExpired();
        if ($lost > 0) {
            wc_get_logger()->critical("$lost AI records were not acknowledged in time and are given up.", [
                'source' => 'varai-sync',
            ]);
        }
        $active = $this->webhooks->activeByTopic();
        // Asking first costs no delivery: failures in a row would switch the webhook off.
        $isReady = array_intersect_key($active, Topics::OURS) !== [] && $this->records->waiting()['count'] > 0;
        if (!$isReady || $this->webhooks->tryOut() !== null) {
            return;
        }
        foreach ($this->records->takeDue(100) as ['id' => $id, 'topic' => $topic]) {
            if (isset($active[$topic])) {
                WC()
                    ->queue()
                    ->add(
                        'woocommerce_deliver_webhook_async',
                        ['webhook_id' => $active[$topic], 'arg' => $id],
                        'woocommerce-webhooks',
                    );
            }
        }
    }

    /** WordPress sends nothing into private networks, unless it is where the owner said that Varai Sync is. */
    public function allowHost($isExternal, $host)
    {
        return $isExternal || ($host !== '' && $host === wp_parse_url($this->settings->address(), PHP_URL_HOST));
    }

    public function allowPort($ports, $host = '')
    {
        $address = wp_parse_url($this->settings->address());
        return isset($address['port'], $address['host']) && $address['host'] === $host
            ? [...(array) $ports, (int) $address['port']]
            : $ports;
    }
}
