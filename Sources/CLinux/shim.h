#pragma once
// What the Glibc module does not export: epoll, eventfd, timerfd, the kernel's SCTP socket API, and what the heap holds.
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <linux/sctp.h>
