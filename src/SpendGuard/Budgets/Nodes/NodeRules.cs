namespace SpendGuard.Budgets;

/// <summary>What makes, moves, pauses and deletes nodes.</summary>
internal static class NodeRules
{
    /// <summary>How many groups there may be above one another.</summary>
    public const int MostLevels = 8;

    /// <summary>Who has paused a node that no one has.</summary>
    public const string Breaker = "breaker";

    public static Transition Decide(NodeCommand command, BudgetState state)
    {
        if (command is CreateGroup create)
        {
            return Create(create, state);
        }

        if (command is SetLimit set)
        {
            return LimitRules.Set(set, state);
        }

        if (command is SetIdenticalCalls breaker)
        {
            return StreakRules.Set(breaker, state);
        }

        return state.Tree.Node is not { DeletedAt: null } node ? new Transition(state, BudgetStatus.NoNode) : command switch
        {
            RemoveLimit remove => LimitRules.Remove(remove, node, state),
            MoveNode move => Move(move, node, state),
            PauseNode pause => Pause(pause, node, state),
            ResumeNode resume => node.Pause is null
                ? new Transition(state, BudgetStatus.Replayed)
                : Change(resume, node with { Pause = null }, LedgerEntryKind.Resumed, state),
            RenameGroup or DeleteGroup when node.Kind != NodeKind.Group => new Transition(state, BudgetStatus.NoNode),
            RenameGroup when state.Tree.Namesake is not null => Transition.NameTaken(state),
            RenameGroup rename => new Transition(state, BudgetStatus.Applied) { Node = node with { Name = rename.Name } },
            DeleteGroup delete => state.Tree.Below!.Value.HasChildren
                ? new Transition(state, BudgetStatus.NotEmpty)
                : Change(delete, node with { DeletedAt = delete.At }, LedgerEntryKind.GroupDeleted, state),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
    }

    public static Node NewGroup(NodeId id, DateTimeOffset at) => new() { Id = id, Kind = NodeKind.Group, CreatedAt = at };

    /// <summary>Refuses a call by a breaker that it trips: its node is paused from then on.</summary>
    /// <param name="command">The call.</param>
    /// <param name="node">The node.</param>
    /// <param name="reason">Why.</param>
    /// <param name="state">The state that the call has met.</param>
    /// <param name="full">The account that it does not fit, where that is why.</param>
    /// <param name="streak">What the call has made of its run's streak, where that is why.</param>
    public static Transition Break(Reserve command, Node node, string reason, BudgetState state, Account? full = null, Streak? streak = null)
    {
        var (paused, entry) = Paused(new PauseNode(node.Id, reason, command.At) { By = Breaker }, node, state);
        return new Transition(state, BudgetStatus.Paused)
        {
            Node = paused,
            Budget = node.Kind == NodeKind.Agent ? state.Budget : null,
            Refusal = full,
            Streak = streak,
            Entry = entry,
        };
    }

    private static (Node Node, LedgerEntry Entry) Paused(PauseNode command, Node node, BudgetState state)
    {
        var paused = node with { Pause = new Pause(command.By, command.Reason, command.At) };
        return (paused, LedgerEntry.Of(LedgerEntryKind.Paused, command, paused, state.Budget) with { Reason = command.Reason });
    }

    private static Transition Create(CreateGroup command, BudgetState state)
    {
        if (state.Tree.Node is { } node)
        {
            var same = node is { Kind: NodeKind.Group, DeletedAt: null } && node.Name == command.Name && node.Parent == command.Under;
            return new Transition(state, same ? BudgetStatus.Replayed : BudgetStatus.Conflict);
        }

        if (state.Tree.Namesake is not null)
        {
            return Transition.NameTaken(state);
        }

        if (command.Under is not null && state.Tree.Under.Count == 0)
        {
            return new Transition(state, BudgetStatus.NoGroup);
        }

        if (state.Tree.Under.Count >= MostLevels)
        {
            return new Transition(state, BudgetStatus.TooDeep);
        }

        var group = NewGroup(command.Node, command.At) with { Name = command.Name, Parent = command.Under };
        return Change(command, group, LedgerEntryKind.GroupCreated, state, command.Under);
    }

    private static Transition Move(MoveNode command, Node node, BudgetState state)
    {
        if (command.Under is not null && state.Tree.Under.Count == 0)
        {
            return new Transition(state, BudgetStatus.NoGroup);
        }

        if (state.Tree.Under.Any(group => group.Id == node.Id))
        {
            return new Transition(state, BudgetStatus.Circle);
        }

        if (state.Tree.Under.Count + (node.Kind == NodeKind.Group ? 1 + state.Tree.Below!.Value.GroupLevels : 0) > MostLevels)
        {
            return new Transition(state, BudgetStatus.TooDeep);
        }

        return node.Parent == command.Under
            ? new Transition(state, BudgetStatus.Replayed)
            : Change(command, node with { Parent = command.Under }, LedgerEntryKind.Moved, state, command.Under);
    }

    private static Transition Pause(PauseNode command, Node node, BudgetState state)
    {
        if (node.Pause is not null)
        {
            return new Transition(state, BudgetStatus.Replayed);
        }

        var (paused, entry) = Paused(command, node, state);
        return new Transition(state, BudgetStatus.Applied) { Node = paused, Budget = state.Budget, Entry = entry };
    }

    private static Transition Change(NodeCommand command, Node node, LedgerEntryKind kind, BudgetState state, NodeId? under = null) =>
        new(state, BudgetStatus.Applied)
        {
            Node = node,

            // The last entry of an agent's ledger is what its budget is, also where neither has changed.
            Budget = state.Budget,
            Entry = LedgerEntry.Of(kind, command, node, state.Budget) with { Under = under },
        };
}
