using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>What a kernel function is called in the ledger: plug-in and function, or the function alone when it is in no plug-in.</summary>
internal static partial class FunctionName
{
    public static string Of(KernelFunction function) => Of(function.PluginName, function.Name);

    public static string Of(string? plugin, string function) =>
        string.IsNullOrEmpty(plugin) ? Unnamed().Replace(function, "") : $"{plugin}-{function}";

    /// <summary>Semantic Kernel ends the name of a function that was given none, as one made of a bare prompt, in a new id each time.</summary>
    [GeneratedRegex("_[0-9a-f]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unnamed();
}
