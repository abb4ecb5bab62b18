<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

/** Where what happened in a store is told to, and as whom. */
class Target
{
    public function __construct(
        /** The Magento store whose settings these are. */
        public readonly int $configStoreId,
        public readonly string $endpoint,
        /** As in Varai Sync's stores.yaml. */
        public readonly string $storeId,
        public readonly string $secret,
    ) {}
}
