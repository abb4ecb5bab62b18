<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** WooCommerce sends a webhook once and never again. This says when a record that was not acknowledged goes out again. */
final class ResendPlan
{
    private const FIRST_PAUSE = 300;
    private const LONGEST_PAUSE = 6 * 3600;
    /** Records of people who gave no wider consent may be kept for thirty days; the rest of it belongs to Varai Sync. */
    public const LIFETIME = 14 * 86400;

    public static function acknowledges(int $status): bool
    {
        return $status >= 200 && $status < 300;
    }

    /** Unix seconds of the next attempt, when `$attempts` were made. */
    public static function next(int $attempts, int $now): int
    {
        return $now + min(self::FIRST_PAUSE * 2 ** min(max($attempts - 1, 0), 12), self::LONGEST_PAUSE);
    }

    public static function isOver(int $createdAt, int $now): bool
    {
        return $now - $createdAt >= self::LIFETIME;
    }
}
