using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Storage;

/// <summary>What a store tells of changes that any process on it has made. Disposing it ends that.</summary>
[Experimental(ApiTier.Stores)]
public interface IStoreNotices : IDisposable
{
    /// <summary>Whether changes are told now. While they are not, whoever wants to know them looks from time to time.</summary>
    bool AreComing { get; }
}
