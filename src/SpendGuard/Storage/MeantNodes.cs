using SpendGuard.Budgets;
using SpendGuard.Names;

namespace SpendGuard.Storage;

/// <summary>Finds the agents and groups that people may mean by what they have typed.</summary>
internal static class MeantNodes
{
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
        if (text.Length < Beginning.Shortest)
        {
            return named;
        }

        // Both together: a name that is the beginning of another's id must not take over what that beginning has meant.
        var from = await store.FindNodesFromAsync(text, kind, Most, cancellationToken).ConfigureAwait(false);
        var begun = from.Where(node => Beginning.IsOf(text, node.Id.Value)).ToList();

        // Where there are more than were read, nobody knows that one of them is the only one.
        return [.. named.Concat(begun.Count == 1 && from.Count == Most ? from : begun).DistinctBy(node => node.Id).Take(Most)];
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
