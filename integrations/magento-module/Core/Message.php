<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/** One request to Varai Sync. The body and the event id stay the same on every retry; time and signature are made anew. */
final class Message
{
    public function __construct(
        private string $storeId,
        private string $topic,
        private string $eventId,
        public readonly string $body,
    ) {}

    /** @return array<string, string> */
    public function headers(string $secret, int $timestamp): array
    {
        return [
            'Content-Type' => 'application/json',
            'User-Agent' => 'Varai-Sync-Magento/1.0',
            'X-Varai-Store' => $this->storeId,
            'X-Varai-Topic' => $this->topic,
            'X-Varai-Event-Id' => $this->eventId,
            'X-Varai-Timestamp' => (string) $timestamp,
            'X-Varai-Signature' => Signature::of($secret, $timestamp, $this->eventId, $this->topic, $this->body),
        ];
    }

    /** Where messages are posted, given the address of Varai Sync as the owner typed it. */
    public static function endpoint(string $address): string
    {
        return rtrim(trim($address), '/') . '/webhooks/magento/module';
    }
}
