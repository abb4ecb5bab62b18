<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\Topics;

defined('ABSPATH') || exit();

/** What the owner set. The secret may stand in wp-config.php instead, as VARAI_SYNC_SECRET. */
final class Settings
{
    public const OPTION = 'varai_sync_settings';

    public function address(): string
    {
        return (string) ($this->all()['address'] ?? '');
    }

    public function secret(): string
    {
        return $this->isSecretInFile()
            ? (string) constant('VARAI_SYNC_SECRET')
            : (string) ($this->all()['secret'] ?? '');
    }

    public function isSecretInFile(): bool
    {
        return defined('VARAI_SYNC_SECRET') && constant('VARAI_SYNC_SECRET') !== '';
    }

    public function isComplete(): bool
    {
        return $this->address() !== '' && $this->secret() !== '';
    }

    public function deliveryUrl(): string
    {
        return $this->address() . '/webhooks/woocommerce';
    }

    /** @return list<string> Of the names in Topics::GROUPS. */
    public function groups(): array
    {
        $chosen = $this->all()['groups'] ?? Topics::USUAL;
        return array_values(array_intersect(array_keys(Topics::GROUPS), (array) $chosen));
    }

    public function sendsConversations(): bool
    {
        return (bool) ($this->all()['conversations'] ?? false);
    }

    /** Whether uninstalling also removes what the plugin wrote into products and orders. */
    public function removesMetaData(): bool
    {
        return (bool) ($this->all()['remove_meta_data'] ?? false);
    }

    /** @param array<string, mixed> $changed */
    public function save(array $changed): void
    {
        update_option(self::OPTION, [...$this->all(), ...$changed], false);
    }

    private function all(): array
    {
        $kept = get_option(self::OPTION, []);
        return is_array($kept) ? $kept : [];
    }
}
