import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { ProductBody, ProductView } from './offering.dto.js';

type Shown = CatalogueRecords['products'];

@Resource('products')
@Controller('api/v1/products')
export class ProductsController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':productId')
  @RequireScopes('catalogue')
  @Saves(ProductView, 'Create or replace a product.')
  put(
    @Param('productId') productId: string,
    @Body() body: ProductBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('products', { ...body, productId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(ProductView, 'Products, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('products', query, (record) => record.productId);
  }

  @Get(':productId')
  @RequireScopes('read', 'catalogue')
  @Shows(ProductView, 'A product by its id.')
  get(@Param('productId') productId: string): Promise<Shown> {
    return this.records.get('products', productId);
  }

  @Delete(':productId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a product; refused while others name it.')
  remove(@Param('productId') productId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('products', productId, caller);
  }
}
