using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Budgets;

/// <summary>Agents and groups in the order in which a tree has them: each before what is under it.</summary>
internal sealed class BudgetTree
{
    private BudgetTree(IReadOnlyList<Branch> branches) => Branches = branches;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Branch> Branches { get; }

    /// <param name="nodes">The agents and groups, in any order.</param>
    /// <param name="top">The only one to begin at; null for all that are under none of them.</param>
    public static BudgetTree Of(IReadOnlyList<Answer<NodeView>> nodes, string? top = null)
    {
        var known = nodes.ToDictionary(node => node.Body.Id, node => node.Body, StringComparer.Ordinal);
        var below = nodes.ToLookup(node => node.Body.Under is { } under && known.ContainsKey(under) ? under : "", StringComparer.Ordinal);
        var branches = new List<Branch>(nodes.Count);
        var first = top is null ? below[""] : nodes.Where(node => node.Body.Id == top);
        foreach (var node in first)
        {
            Add(new Branch(node, "", ""));
        }

        return new BudgetTree(branches);

        void Add(Branch branch)
        {
            // Groups first: an agent between two of them is easily overlooked.
            var children = below[branch.Node.Body.Id].OrderBy(child => child.Body.Kind == "agent").ToList();
            branches.Add(branch with { HasChildren = children.Count > 0, PausedAbove = PausedAbove(branch.Node.Body) });
            for (var at = 0; at < children.Count; at++)
            {
                var isLast = at == children.Count - 1;
                Add(new Branch(children[at], branch.Under + (isLast ? "└─ " : "├─ "), branch.Under + (isLast ? "   " : "│  ")));
            }
        }

        string? PausedAbove(NodeView node) =>
            node.Under is { } under && known.TryGetValue(under, out var above) ? above.Paused is null ? PausedAbove(above) : above.Id : null;
    }

    /// <param name="Node">The agent or group.</param>
    /// <param name="Before">What is drawn before it.</param>
    /// <param name="Under">What is drawn before all that is under it.</param>
    internal sealed record Branch(Answer<NodeView> Node, string Before, string Under)
    {
        /// <summary>Whether anything is drawn under it.</summary>
        public bool HasChildren { get; init; }

        /// <summary>The nearest group above it that is paused; null where none is.</summary>
        public string? PausedAbove { get; init; }
    }
}
