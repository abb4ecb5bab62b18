<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/** What this module tells, as X-Varai-Topic. */
final class Topic
{
    public const ORDER_SAVED = 'order.saved';
    public const CUSTOMER_SAVED = 'customer.saved';
    public const CUSTOMER_DELETED = 'customer.deleted';
    public const PRODUCT_SAVED = 'product.saved';
    public const PRODUCT_DELETED = 'product.deleted';
    public const STOCK_SAVED = 'stock.saved';
}
