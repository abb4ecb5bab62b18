<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/** How one attempt at sending ended. */
final class Attempt
{
    /** @param int|null $status HTTP status; null when no answer came. */
    public function __construct(
        public readonly ?int $status,
        public readonly ?string $retryAfter = null,
        public readonly string $problem = '',
    ) {}
}
