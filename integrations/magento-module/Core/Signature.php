<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/** What proves that a message comes from this shop, was made at this time and is complete. */
final class Signature
{
    /**
     * The value of X-Varai-Signature: `sha256=` and the lower-case hexadecimal HMAC-SHA256, keyed with the shared secret,
     * of `<timestamp>.<event id>.<topic>.` followed by the exact bytes of the body. `$timestamp` is in unix seconds.
     */
    public static function of(string $secret, int $timestamp, string $eventId, string $topic, string $body): string
    {
        return 'sha256=' . hash_hmac('sha256', "$timestamp.$eventId.$topic.$body", $secret);
    }
}
