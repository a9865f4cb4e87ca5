import type { AlertWords } from './word-alert.js';

export const persian: AlertWords = {
  locale: 'fa-IR-u-ca-persian',
  title: '{contact}: {event}',
  somebody: 'کسی',
  events: {
    'Page Viewed': 'بازدید صفحه',
    'Content Viewed': 'خواندن محتوا',
    'Product Viewed': 'دیدن محصول',
    'Product Added': 'افزودن محصول به سبد',
    'Question Asked': 'پرسش',
    'Form Submitted': 'ارسال فرم',
    'Email Opened': 'باز کردن ایمیل',
    'Email Link Clicked': 'کلیک در ایمیل',
    'Email Replied': 'پاسخ به ایمیل',
    'Order Completed': 'سفارش',
    'Complaint Opened': 'شکایت',
    'Place Entered': 'حضور در محل',
    'Contract Ends': 'پایان قرارداد',
    'Promise Overdue': 'قول عقب‌افتاده',
    'Task Overdue': 'کار عقب‌افتاده',
  },
};
