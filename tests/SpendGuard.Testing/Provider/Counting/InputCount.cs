namespace SpendGuard.Testing.Provider.Counting;

/// <summary>A request's input tokens, and how many of them the request itself asks to be cached.</summary>
internal sealed record InputCount(long Tokens, long CacheWrite = 0, long CacheWriteOneHour = 0);
