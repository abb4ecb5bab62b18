<?php
declare(strict_types=1);

namespace Varai\Sync\Model\Document;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\ResourceConnection;

/**
 * The stock of a product in the shape of `GET /V1/stockItems/:sku`, with the SKU. Read by SQL, because orders write it so,
 * past the registry that every interface answers from.
 */
class StockDocument
{
    private const MANAGE_STOCK = 'cataloginventory/item_options/manage_stock';

    public function __construct(private ResourceConnection $resource, private ScopeConfigInterface $config) {}

    public function read(int $productId): ?array
    {
        $connection = $this->resource->getConnection();
        $select = $connection
            ->select()
            ->from(['stock' => $this->resource->getTableName('cataloginventory_stock_item')])
            ->join(
                ['product' => $this->resource->getTableName('catalog_product_entity')],
                'product.entity_id = stock.product_id',
                ['sku'],
            )
            ->where('stock.product_id = ?', $productId)
            ->order('stock.stock_id')
            ->limit(1);
        $stock = $connection->fetchRow($select);
        if (!$stock) {
            return null;
        }
        if ((int) $stock['use_config_manage_stock'] === 1) {
            // The column holds nothing then; whether stock counts is said once for the whole shop.
            $stock['manage_stock'] = $this->config->isSetFlag(self::MANAGE_STOCK) ? 1 : 0;
        }
        return $stock;
    }
}
