using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>The tool budgets of a kernel, by plug-in and function; names are compared as the kernel compares them.</summary>
internal sealed class ToolBudgets
{
    private readonly Dictionary<string, ToolBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);

    public bool Any => _budgets.Count > 0;

    public void Add(string? plugin, string function, ToolBudget budget)
    {
        if (!_budgets.TryAdd(FunctionName.Of(plugin, function), budget))
        {
            throw new ArgumentException($"'{FunctionName.Of(plugin, function)}' has a tool budget already.", nameof(function));
        }
    }

    public ToolBudget? Find(KernelFunction function) => _budgets.GetValueOrDefault(FunctionName.Of(function.PluginName, function.Name));

    /// <summary>Those that no function of a kernel has; one that was to have it may be called without.</summary>
    public IEnumerable<string> WithoutFunction(Kernel kernel)
    {
        var there = kernel.Plugins.SelectMany(plugin => plugin).Select(function => FunctionName.Of(function.PluginName, function.Name));
        return _budgets.Keys.Except(there, StringComparer.OrdinalIgnoreCase);
    }
}
