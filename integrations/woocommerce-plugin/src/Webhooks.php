<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\Topics;
use WC_Webhook;
use WP_Error;

defined('ABSPATH') || exit();

/** The webhooks that this plugin made, one for each topic. Known by number, so that nobody else's are touched. */
final class Webhooks
{
    public const OPTION = 'varai_sync_webhooks';

    public function __construct(private Settings $settings) {}

    /**
     * Makes what is missing, mends address, secret and owner of what is there, removes what is not wanted any more. What
     * WooCommerce disabled stays so: switching on again is the owner's decision.
     */
    public function reconcile(): void
    {
        if (!$this->settings->isComplete()) {
            return;
        }
        $wanted = Topics::of($this->settings->groups());
        $kept = [];
        foreach ($this->byTopic() as $topic => $webhook) {
            if (in_array($topic, $wanted, true)) {
                $kept[$topic] = $webhook;
            } else {
                $webhook->delete(true);
            }
        }
        $ids = [];
        foreach ($wanted as $topic) {
            $webhook = $kept[$topic] ?? $this->blank($topic);
            $webhook->set_name("Varai Sync: $topic");
            $webhook->set_delivery_url($this->settings->deliveryUrl());
            $webhook->set_secret($this->settings->secret());
            if (!$this->hasAbleOwner($webhook)) {
                $webhook->set_user_id(get_current_user_id());
            }
            $this->saveUnasked($webhook);
            $ids[$topic] = $webhook->get_id();
        }
        update_option(self::OPTION, $ids, false);
    }

    /** Switches on again what was disabled or paused. */
    public function enable(): void
    {
        foreach ($this->byTopic() as $webhook) {
            if ($webhook->get_status('edit') !== 'active') {
                $webhook->set_failure_count(0);
                $webhook->set_status('active');
                $this->saveUnasked($webhook);
            }
        }
    }

    public function pause(): void
    {
        foreach ($this->byTopic() as $webhook) {
            if ($webhook->get_status('edit') === 'active') {
                $webhook->set_status('paused');
                $this->saveUnasked($webhook);
            }
        }
    }

    /** Undoes `pause`; what WooCommerce disabled stays disabled. */
    public function resume(): void
    {
        foreach ($this->byTopic() as $webhook) {
            if ($webhook->get_status('edit') === 'paused') {
                $webhook->set_status('active');
                $this->saveUnasked($webhook);
            }
        }
    }

    public function removeAll(): void
    {
        foreach ($this->byTopic() as $webhook) {
            $webhook->delete(true);
        }
        delete_option(self::OPTION);
    }

    /** Asks Varai Sync whether it is there, as WooCommerce does. Null when it is. */
    public function tryOut(): ?WP_Error
    {
        foreach ($this->byTopic() as $webhook) {
            $answer = $webhook->deliver_ping();
            return is_wp_error($answer) ? $answer : null;
        }
        return null;
    }

    /** @return list<array{topic: string, status: string, failures: int, problems: list<string>}> */
    public function report(): array
    {
        $found = $this->byTopic();
        return array_map(function (string $topic) use ($found): array {
            $webhook = $found[$topic] ?? null;
            return [
                'topic' => $topic,
                'status' => $webhook === null ? 'missing' : $webhook->get_status('edit'),
                'failures' => $webhook === null ? 0 : (int) $webhook->get_failure_count('edit'),
                'problems' => $webhook === null ? [] : $this->problems($webhook),
            ];
        }, Topics::of($this->settings->groups()));
    }

    public function topicOf(int $webhookId): ?string
    {
        $topic = array_search($webhookId, $this->ids(), true);
        return is_string($topic) ? $topic : null;
    }

    /** @return array<string, int> */
    public function activeByTopic(): array
    {
        $active = array_filter(
            $this->byTopic(),
            fn(WC_Webhook $webhook): bool => $webhook->get_status('edit') === 'active',
        );
        return array_map(fn(WC_Webhook $webhook): int => $webhook->get_id(), $active);
    }

    /** @return list<string> Of `address`, `secret`, `owner`. */
    private function problems(WC_Webhook $webhook): array
    {
        return array_keys(
            array_filter([
                'address' => $webhook->get_delivery_url('edit') !== $this->settings->deliveryUrl(),
                'secret' => !hash_equals($this->settings->secret(), (string) $webhook->get_secret('edit')),
                'owner' => !$this->hasAbleOwner($webhook),
            ]),
        );
    }

    /** Documents are built as the webhook's owner sees them: one who sees nothing sends errors, signed. */
    private function hasAbleOwner(WC_Webhook $webhook): bool
    {
        return user_can($webhook->get_user_id('edit'), 'manage_woocommerce');
    }

    /** WooCommerce would ask the address, and wait for it, once for each webhook; `tryOut` asks once. */
    private function saveUnasked(WC_Webhook $webhook): void
    {
        if ($webhook->get_id() === 0) {
            // A new one is always saved as still to be asked.
            $webhook->save();
        }
        $webhook->set_pending_delivery(false);
        $webhook->save();
    }

    private function blank(string $topic): WC_Webhook
    {
        $webhook = new WC_Webhook();
        $webhook->set_topic($topic);
        $webhook->set_api_version('wp_api_v3');
        $webhook->set_status('active');
        return $webhook;
    }

    /** @return array<string, WC_Webhook> Those that still are there. */
    private function byTopic(): array
    {
        $found = [];
        foreach ($this->ids() as $topic => $id) {
            $webhook = wc_get_webhook($id);
            if ($webhook instanceof WC_Webhook && $webhook->get_topic('edit') === $topic) {
                $found[$topic] = $webhook;
            }
        }
        return $found;
    }

    /** @return array<string, int> */
    private function ids(): array
    {
        return array_map('intval', (array) get_option(self::OPTION, []));
    }
}
