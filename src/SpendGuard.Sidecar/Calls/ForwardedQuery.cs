namespace SpendGuard.Sidecar.Calls;

/// <summary>The query that goes to the provider: what its route lists, word for word, and nothing else of the caller's.</summary>
internal static class ForwardedQuery
{
    /// <param name="query">The caller's query.</param>
    /// <param name="listed">What goes on, as <c>name=value</c> that needs no escapes.</param>
    public static string Of(IQueryCollection query, IReadOnlyList<string> listed)
    {
        var passed = listed.Where(pair => pair.Split('=', 2) is [var name, var value] && query[name] is [var asked] && asked == value).ToList();
        return passed.Count == 0 ? "" : "?" + string.Join('&', passed);
    }
}
