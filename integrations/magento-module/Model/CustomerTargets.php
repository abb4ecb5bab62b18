<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use Magento\Customer\Model\Config\Share;

/** Who is told of a customer: accounts belong to all websites or to one, as the owner set. */
class CustomerTargets
{
    public function __construct(private Settings $settings, private Share $share) {}

    /** @return list<Target> */
    public function of(?int $websiteId): array
    {
        return $this->settings->targets($this->share->isGlobalScope() ? null : $websiteId);
    }
}
