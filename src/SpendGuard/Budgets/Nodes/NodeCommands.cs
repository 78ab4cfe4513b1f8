namespace SpendGuard.Budgets;

/// <summary>Concerns a node and its place in the tree.</summary>
internal abstract record NodeCommand : BudgetCommand
{
    protected NodeCommand(NodeId node, DateTimeOffset at)
        : base(at) => Node = node;

    /// <summary>The id of the node.</summary>
    public NodeId Node { get; }

    /// <summary>Who has done it, such as the name of a key; null where that is not known.</summary>
    public string? By { get; init; }

    /// <summary>With the balance of the agent, where it is one: what is entered in its ledger says that too.</summary>
    public override BudgetLookup Lookup => new() { Node = Node, BudgetOf = new AgentId(Node.Value), PathOf = Node };
}

/// <summary>Creates a group.</summary>
/// <param name="Node">The id of the group.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Under">The group that it is under; null for none.</param>
/// <param name="At">The time of the command.</param>
internal sealed record CreateGroup(NodeId Node, string? Name, NodeId? Under, DateTimeOffset At) : NodeCommand(Node, At)
{
    /// <summary>Whether no other group may have the name.</summary>
    public bool UniqueName { get; init; }

    public override BudgetLookup Lookup => new() { Node = Node, Under = Under, Claim = NameClaim.Of(UniqueName, NodeKind.Group, Name) };
}

/// <summary>Gives a group another name.</summary>
/// <param name="Node">The id of the group.</param>
/// <param name="Name">The name.</param>
/// <param name="At">The time of the command.</param>
internal sealed record RenameGroup(NodeId Node, string Name, DateTimeOffset At) : NodeCommand(Node, At)
{
    /// <summary>Whether no other group may have the name.</summary>
    public bool UniqueName { get; init; }

    public override BudgetLookup Lookup => new()
    {
        Node = Node, BudgetOf = new AgentId(Node.Value), PathOf = Node, Claim = NameClaim.Of(UniqueName, NodeKind.Group, Name),
    };
}

/// <summary>Deletes a group that nothing is under.</summary>
/// <param name="Node">The id of the group.</param>
/// <param name="At">The time of the command.</param>
internal sealed record DeleteGroup(NodeId Node, DateTimeOffset At) : NodeCommand(Node, At)
{
    public override BudgetLookup Lookup => new() { Node = Node, Below = true };
}

/// <summary>Puts a node under a group. Calls in flight stay in the accounts that they were made in.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="Under">The group; null for none.</param>
/// <param name="At">The time of the command.</param>
internal sealed record MoveNode(NodeId Node, NodeId? Under, DateTimeOffset At) : NodeCommand(Node, At)
{
    public override BudgetLookup Lookup => new() { Node = Node, BudgetOf = new AgentId(Node.Value), Under = Under, Below = true };
}

/// <summary>Sets a limit of a node. A node that is not known becomes a group.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="Limit">The limit, which takes the place of the one of its window's name.</param>
/// <param name="At">The time of the command.</param>
internal sealed record SetLimit(NodeId Node, Limit Limit, DateTimeOffset At) : NodeCommand(Node, At)
{
    public override BudgetLookup Lookup => new() { Node = Node, BudgetOf = new AgentId(Node.Value), PathOf = Node, Window = Limit.Window.Name };

    /// <inheritdoc cref="SetBudget.FirstMaxInFlight"/>
    public int? FirstMaxInFlight { get; init; }

    /// <inheritdoc cref="SetBudget.FirstMaxCallShare"/>
    public int? FirstMaxCallShare { get; init; }
}

/// <summary>Removes a limit of a node.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="Window">The name of the limit's window.</param>
/// <param name="At">The time of the command.</param>
internal sealed record RemoveLimit(NodeId Node, string Window, DateTimeOffset At) : NodeCommand(Node, At);

/// <summary>Sets how many identical calls in a row pause an agent: the node itself, or each below it. A node that is not known becomes a group.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="Count">The call that makes it so many is refused, and pauses its agent; null where the nearest group above says, or nobody.</param>
/// <param name="At">The time of the command.</param>
internal sealed record SetIdenticalCalls(NodeId Node, int? Count, DateTimeOffset At) : NodeCommand(Node, At);

/// <summary>Pauses a node: nothing is held under it any more.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="Reason">Why; null where no reason is given.</param>
/// <param name="At">The time of the command.</param>
internal sealed record PauseNode(NodeId Node, string? Reason, DateTimeOffset At) : NodeCommand(Node, At);

/// <summary>Ends a node's pause.</summary>
/// <param name="Node">The id of the node.</param>
/// <param name="At">The time of the command.</param>
internal sealed record ResumeNode(NodeId Node, DateTimeOffset At) : NodeCommand(Node, At);
