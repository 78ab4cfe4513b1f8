using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>Finds the agents and groups that people may mean by what they have typed.</summary>
internal static class MeantNodes
{
    /// <summary>Shorter, and what is typed by mistake would mean somebody.</summary>
    private const int ShortestBeginning = 4;

    /// <summary>One more than anybody is told of.</summary>
    private const int Most = 6;

    public static async ValueTask<IReadOnlyList<Node>> FindAsync(IBudgetStore store, string text, NodeKind? kind, CancellationToken cancellationToken)
    {
        if (text.Length == 0 || !Identifier.IsStorable(text))
        {
            return [];
        }

        // Of one that was deleted too: who asks for it again by its id does not mean another whose id begins with it.
        if (await FindAsync(store, text, cancellationToken).ConfigureAwait(false) is { } exact && (kind is null || exact.Kind == kind))
        {
            return [exact];
        }

        var named = await store.FindNamedNodesAsync(text, kind, Most, cancellationToken).ConfigureAwait(false);
        return named.Count > 0 || text.Length < ShortestBeginning
            ? named
            : await store.FindNodesFromAsync(text, kind, Most, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<Node?> FindAsync(IBudgetStore store, string id, CancellationToken cancellationToken)
    {
        try
        {
            var node = new NodeId(id);
            return await store.FindPathAsync(node, cancellationToken).ConfigureAwait(false) is [{ Node: var found }, ..] ? found : null;
        }
        catch (ArgumentException)
        {
            // A name may be longer than an id.
            return null;
        }
    }
}
