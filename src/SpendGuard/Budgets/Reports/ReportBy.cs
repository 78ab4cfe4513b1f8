using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What has a row of its own in a report. Several together have one for each that occur together.</summary>
[Experimental(ApiTier.Adapters)]
[Flags]
public enum ReportBy
{
    /// <summary>Nothing: one row for all.</summary>
    All = 0,

    /// <summary>Agents.</summary>
    Agent = 1,

    /// <summary>Models, as <c>provider:model</c>, and tools that have a price.</summary>
    Model = 2,

    /// <summary>Days, in UTC.</summary>
    Day = 4,

    /// <summary>The runs of agents: two agents' are two, whatever they are called.</summary>
    Run = 8,

    /// <summary>Functions of the callers.</summary>
    Function = 16,

    /// <summary>The groups that agents are directly under now. Goes with nothing else.</summary>
    Group = 32,
}
