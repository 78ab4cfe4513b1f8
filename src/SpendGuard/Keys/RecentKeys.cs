using System.Collections.Concurrent;

namespace SpendGuard.Keys;

/// <summary>The keys that were found a moment ago, so that not every call asks the store. Only those that are in force are kept.</summary>
internal sealed class RecentKeys(TimeProvider time)
{
    private const int Most = 1_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private volatile ConcurrentDictionary<string, Found> _found = Empty();

    /// <summary>A key that was found less than a lifetime ago.</summary>
    public AgentKey? Find(ApiKeySecret secret) =>
        _found.TryGetValue(secret.Id, out var found) && secret.Matches(found.Hash.Span) && time.GetElapsedTime(found.AskedAt) < Lifetime
            ? found.Key
            : null;

    /// <summary>Is noted before the store is asked.</summary>
    public Question Ask() => new(_found, time.GetTimestamp());

    /// <summary>Keeps what the store said, unless keys were forgotten since it was asked: it may not be so any more.</summary>
    public void Keep(Question question, ApiKeySecret secret, AgentKey key)
    {
        if (question.Found.Count >= Most)
        {
            Forget();
        }
        else
        {
            question.Found[secret.Id] = new Found(key, secret.Hash, question.At);
        }
    }

    public void Forget() => _found = Empty();

    private static ConcurrentDictionary<string, Found> Empty() => new(StringComparer.Ordinal);

    /// <param name="Found">Where its answer goes: nobody looks there once keys were forgotten.</param>
    /// <param name="At">When the store is asked.</param>
    internal readonly record struct Question(ConcurrentDictionary<string, Found> Found, long At);

    internal sealed record Found(AgentKey Key, ReadOnlyMemory<byte> Hash, long AskedAt);
}
