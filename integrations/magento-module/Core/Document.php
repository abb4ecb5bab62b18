<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

use DateTimeInterface;

/** The body of a message. */
final class Document
{
    /**
     * JSON text of what may leave the shop, with `saved_at`, the moment before the document was read: its state is that of
     * this moment or later. Decimals stay as the database gave them, which is as text (`"189.9000"`).
     *
     * @param array<string, mixed> $document
     * @throws \JsonException
     */
    public static function encode(string $topic, array $document, DateTimeInterface $savedAt): string
    {
        $allowed = Fields::allowed($topic, $document);
        $allowed['saved_at'] = gmdate('Y-m-d\TH:i:s', $savedAt->getTimestamp()) . $savedAt->format('.v\Z');
        $precision = ini_set('serialize_precision', '-1');
        try {
            return json_encode(
                $allowed,
                // Shops hold texts that were cut in the middle of a letter; one of them must not keep an order back.
                JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR,
            );
        } finally {
            ini_set('serialize_precision', (string) $precision);
        }
    }
}
