/* SPDX-License-Identifier: MIT */
/* SANITIZED: 1 if AddressSanitizer or ThreadSanitizer watches, as either compiler says it. */
#ifndef SMMU_TEST_SANITIZED_H
#define SMMU_TEST_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
