using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>What a kernel function is called in the ledger.</summary>
internal static partial class FunctionName
{
    /// <summary>Plug-in and function, or the function alone when it is in no plug-in.</summary>
    public static string Of(KernelFunction function) =>
        function.PluginName is { Length: > 0 } plugin ? $"{plugin}-{function.Name}" : Unnamed().Replace(function.Name, "");

    /// <summary>Opens a scope in which calls are attributed to a function, of whichever agent and run the caller is in.</summary>
    public static SpendGuardScope Begin(AgentId agent, string function)
    {
        var outer = SpendGuardScope.Current;
        return SpendGuardScope.Begin(outer?.Agent ?? agent, outer?.Run, function);
    }

    /// <summary>Semantic Kernel ends the name of a function that was given none, as one made of a bare prompt, in a new id each time.</summary>
    [GeneratedRegex("_[0-9a-f]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unnamed();
}
