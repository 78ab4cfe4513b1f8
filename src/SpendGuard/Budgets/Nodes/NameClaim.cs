using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A name that a node is to have alone among those of its kind that are not deleted.</summary>
/// <param name="Kind">What the node is.</param>
/// <param name="Name">The name.</param>
[Experimental(ApiTier.Stores)]
public readonly record struct NameClaim(NodeKind Kind, string Name)
{
    /// <summary>Whether a node is in its way: it has the name, or goes by it as its id.</summary>
    /// <param name="other">Another node than the one that is to have the name.</param>
    public bool IsTakenBy(Node other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.DeletedAt is null && other.Kind == Kind && (other.Name == Name || other.Id.Value == Name);
    }

    /// <summary>The claim of a command that says so; null where it does not, or gives no name.</summary>
    internal static NameClaim? Of(bool isUnique, NodeKind kind, string? name) => isUnique && name is not null ? new NameClaim(kind, name) : (NameClaim?)null;
}
