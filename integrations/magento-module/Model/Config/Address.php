<?php
declare(strict_types=1);

namespace Varai\Sync\Model\Config;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;

/** Personal data goes there, so it goes encrypted, except to this machine. */
class Address extends Value
{
    public function beforeSave()
    {
        $address = trim((string) $this->getValue());
        $scheme = parse_url($address, PHP_URL_SCHEME);
        $isLocal = in_array(parse_url($address, PHP_URL_HOST), ['localhost', '127.0.0.1', '[::1]'], true);
        if ($address !== '' && $scheme !== 'https' && !($scheme === 'http' && $isLocal)) {
            throw new LocalizedException(__('The address of Varai Sync must begin with https://.'));
        }
        $this->setValue($address);
        return parent::beforeSave();
    }
}
