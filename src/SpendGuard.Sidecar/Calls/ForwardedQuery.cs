using Microsoft.AspNetCore.Http.Extensions;

namespace SpendGuard.Sidecar.Calls;

/// <summary>The query that goes to the provider: the form of the answer, and nothing that could hold a key.</summary>
internal static class ForwardedQuery
{
    public static string Of(IQueryCollection query)
    {
        if (query.Count == 0 || query["alt"].ToString() is not { Length: > 0 } form)
        {
            return "";
        }

        return new QueryBuilder { { "alt", form } }.ToQueryString().ToString();
    }
}
