<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;
use Magento\Store\Model\StoreManagerInterface;
use Varai\Sync\Core\Message;

/** What the owner set under Stores > Configuration > Services > Varai Sync. */
class Settings
{
    private const PATH = 'varai_sync/general/';

    public function __construct(private ScopeConfigInterface $config, private StoreManagerInterface $stores) {}

    /** Null where the module is off or not set up. */
    public function target(int $magentoStoreId): ?Target
    {
        if (!$this->config->isSetFlag(self::PATH . 'enabled', ScopeInterface::SCOPE_STORE, $magentoStoreId)) {
            return null;
        }
        [$address, $storeId, $secret] = array_map(
            fn(string $name): string => trim(
                (string) $this->config->getValue(self::PATH . $name, ScopeInterface::SCOPE_STORE, $magentoStoreId),
            ),
            // The secret comes decrypted: config.xml names its backend model.
            ['address', 'store', 'secret'],
        );
        if ($address === '' || $storeId === '' || $secret === '') {
            return null;
        }
        return new Target($magentoStoreId, Message::endpoint($address), $storeId, $secret);
    }

    /**
     * All that there are, one for each store id of Varai Sync: several store views may share one.
     *
     * @param int|null $websiteId Only those of one website.
     * @return list<Target>
     */
    public function targets(?int $websiteId = null): array
    {
        $found = [];
        foreach ($this->stores->getStores() as $store) {
            if ($websiteId !== null && (int) $store->getWebsiteId() !== $websiteId) {
                continue;
            }
            $target = $this->target((int) $store->getId());
            if ($target !== null) {
                $found[$target->storeId] ??= $target;
            }
        }
        return array_values($found);
    }
}
