import type { AlertWords } from './word-alert.js';

export const english: AlertWords = {
  locale: 'en-GB',
  title: '{contact}: {event}',
  somebody: 'somebody',
  events: {
    'Page Viewed': 'page view',
    'Content Viewed': 'content read',
    'Product Viewed': 'product view',
    'Product Added': 'product put in the basket',
    'Question Asked': 'question',
    'Form Submitted': 'form',
    'Email Opened': 'opened e-mail',
    'Email Link Clicked': 'click in an e-mail',
    'Email Replied': 'reply to an e-mail',
    'Order Completed': 'order',
    'Complaint Opened': 'complaint',
    'Place Entered': 'on the spot',
    'Contract Ends': 'contract ends',
    'Promise Overdue': 'promise overdue',
    'Task Overdue': 'task overdue',
  },
};
