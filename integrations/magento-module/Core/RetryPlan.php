<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/**
 * What becomes of a message after an attempt. Only a 2xx is an acknowledgement. Everything else is tried again for a week,
 * refusals too: a wrong secret or address is mended by a person, and nothing should be lost until then.
 */
final class RetryPlan
{
    public const DELIVERED = 'delivered';
    public const AGAIN = 'again';
    public const DEAD = 'dead';

    private const FIRST_PAUSE = 15;
    private const LONGEST_PAUSE = 3600;
    /** Longest wish that is honoured. */
    private const LONGEST_WISH = 6 * 3600;
    /** Refusals are the same a second later. */
    private const PAUSE_AFTER_REFUSAL = 300;
    private const LIFETIME = 7 * 86400;

    /**
     * @param int $attempts How many were made, this one included.
     * @param int $firstAttemptAt Unix seconds, as is $now.
     * @param float $chance From 0 to 1: spreads what failed together over time.
     * @return array{outcome: string, at: int|null} `at`: unix seconds of the next attempt.
     */
    public static function after(Attempt $attempt, int $attempts, int $firstAttemptAt, int $now, float $chance): array
    {
        $status = $attempt->status;
        if ($status !== null && $status >= 200 && $status < 300) {
            return ['outcome' => self::DELIVERED, 'at' => null];
        }
        if ($now - $firstAttemptAt >= self::LIFETIME) {
            return ['outcome' => self::DEAD, 'at' => null];
        }
        $doubled = self::FIRST_PAUSE * 2 ** min(max($attempts - 1, 0), 12);
        $pause = min($doubled, self::LONGEST_PAUSE);
        if ($status !== null && $status < 500 && !in_array($status, [408, 425, 429], true)) {
            $pause = max($pause, self::PAUSE_AFTER_REFUSAL);
        }
        $pause += (int) round($pause * 0.25 * $chance);
        return ['outcome' => self::AGAIN, 'at' => $now + max($pause, self::wish($attempt->retryAfter, $now))];
    }

    /** Seconds that the other side asks to be left alone: `Retry-After`, in seconds or as an HTTP date. */
    private static function wish(?string $retryAfter, int $now): int
    {
        $text = trim($retryAfter ?? '');
        if (preg_match('/^\d{1,9}$/', $text) === 1) {
            return min((int) $text, self::LONGEST_WISH);
        }
        $at = preg_match('/^[A-Z][a-z]{2}, /', $text) === 1 ? strtotime($text) : false;
        return $at === false ? 0 : min(max($at - $now, 0), self::LONGEST_WISH);
    }
}
